import { beforeEach, describe, expect, it } from 'vitest';
import { EndFollower, type View } from './end-follower.ts';

/** At the end of 2,000 px; 500 are seen. */
const AT_END: View = { scrollTop: 1_500, scrollHeight: 2_000, clientHeight: 500 };
const at = (scrollTop: number, scrollHeight = 2_000): View => ({ ...AT_END, scrollTop, scrollHeight });

let follower: EndFollower;
beforeEach(() => {
  follower = new EndFollower();
  follower.moved(AT_END);
});

describe('the end is followed', () => {
  it('from the beginning, and while content is added', () => {
    expect(follower.isFollowing).toBe(true);
    follower.scrolled(at(1_500, 2_100), false);
    expect(follower.isFollowing).toBe(true);
  });

  it('when content becomes shorter, which pushes the view up', () => {
    follower.scrolled(at(1_470, 1_970), false);
    expect(follower.isFollowing).toBe(true);
  });

  it('when content was shorter for a moment', () => {
    follower.scrolled(at(1_470, 2_060), false);
    expect(follower.isFollowing).toBe(true);
  });

  it('again when the reader scrolls down to it', () => {
    follower.scrolled(at(1_000), false);
    follower.scrolled(at(1_440), false);
    expect(follower.isFollowing).toBe(false);
    follower.scrolled(at(1_480), false);
    expect(follower.isFollowing).toBe(true);
  });
});

describe('the end is left', () => {
  it.each([1, 8, 39, 400])('when the reader scrolls up by %i px', (distance) => {
    follower.scrolled(at(1_500 - distance), false);
    expect(follower.isFollowing).toBe(false);
  });

  it('when the scroll bar is dragged up while content is added', () => {
    follower.scrolled(at(1_492, 2_024), true);
    expect(follower.isFollowing).toBe(false);
  });

  it('until it is followed again, also near it and when content becomes shorter', () => {
    follower.release();
    follower.scrolled(at(1_492), false);
    follower.scrolled(at(1_480, 1_980), false);
    expect(follower.isFollowing).toBe(false);
    expect(follower.isAtEnd(at(1_480, 1_980))).toBe(true);
    expect(follower.isAtEnd(at(1_480, 2_080))).toBe(false);
    follower.follow();
    expect(follower.isFollowing).toBe(true);
  });
});
