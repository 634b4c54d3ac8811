/** How a scrolling element stands, in pixels. */
export interface View {
  scrollTop: number;
  scrollHeight: number;
  clientHeight: number;
}

/** Within this distance, in pixels, a reader who scrolls down has reached the end, and one who stands still sees it. */
const NEAR = 40;

/**
 * Whether a view follows the end of what grows. It does until the reader moves up, by any means and by any amount, and again
 * when the reader scrolls down to the end.
 */
export class EndFollower {
  #isFollowing = true;
  #top = 0;
  #height = 0;

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Whether the reader sees the end, or will as soon as it is followed. */
  isAtEnd(view: View): boolean {
    return this.#isFollowing || distanceOf(view) <= NEAR;
  }

  follow(): void {
    this.#isFollowing = true;
  }

  release(): void {
    this.#isFollowing = false;
  }

  /** Call when the view has been moved to the end. */
  moved(view: View): void {
    this.#top = view.scrollTop;
    this.#height = view.scrollHeight;
  }

  /**
   * Call when the view has scrolled. `isHeld`: the reader holds the scroll bar, or drags. Without that, a view that is higher
   * than it was while its content changed has been pushed there by content that was shorter for a moment.
   */
  scrolled(view: View, isHeld: boolean): void {
    const distance = distanceOf(view);
    if (view.scrollTop > this.#top && distance <= NEAR) this.#isFollowing = true;
    else if (view.scrollTop < this.#top && distance >= 1 && (isHeld || view.scrollHeight === this.#height))
      this.#isFollowing = false;
    this.moved(view);
  }
}

function distanceOf({ scrollTop, scrollHeight, clientHeight }: View): number {
  return scrollHeight - scrollTop - clientHeight;
}
