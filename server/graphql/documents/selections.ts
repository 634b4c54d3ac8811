import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

export interface SelectionBounds {
  /** Fields and fragments, where a fragment counts with all its fields at each spread. */
  selections: number;
  /** Pairs of fields with the same response name at the same place, each counted once for every level above it. */
  comparisons: number;
}

/**
 * Which bound the work of validating a document exceeds, found in less time than that work takes. Rules of validation
 * follow the fragments of every definition, and compare each two fields of one response name (Fields in Set Can Merge,
 * 5.3.2 of the specification), which is quadratic, at every level above them.
 */
export function exceededBound(document: DocumentNode, bounds: SelectionBounds): keyof SelectionBounds | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const counted = new Counted(fragments, bounds);
  for (const one of document.definitions)
    if ('selectionSet' in one && !counted.add(one.selectionSet, new Names(), 1)) return counted.exceeded;
  return null;
}

/** The response names at one place, with what is selected below each. */
class Names extends Map<string, { times: number; below: Names }> {}

class Counted {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #bounds: SelectionBounds;
  /** The fragments that are being followed: one that spreads itself is for validation to refuse. */
  readonly #followed = new Set<string>();
  #selections = 0;
  #comparisons = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, bounds: SelectionBounds) {
    this.#fragments = fragments;
    this.#bounds = bounds;
  }

  get exceeded(): keyof SelectionBounds | null {
    if (this.#selections > this.#bounds.selections) return 'selections';
    return this.#comparisons > this.#bounds.comparisons ? 'comparisons' : null;
  }

  /** Adds what is selected at a place; false as soon as a bound is exceeded. */
  add({ selections }: SelectionSetNode, names: Names, depth: number): boolean {
    for (const selection of selections) {
      this.#selections++;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const same = names.get(name) ?? { times: 0, below: new Names() };
        if (same.times === 0) names.set(name, same);
        this.#comparisons += same.times++ * depth;
        if (this.exceeded) return false;
        if (selection.selectionSet && !this.add(selection.selectionSet, same.below, depth + 1)) return false;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (!this.add(selection.selectionSet, names, depth)) return false;
      } else if (!this.#spread(selection.name.value, names, depth)) return false;
    }
    return this.exceeded === null;
  }

  #spread(name: string, names: Names, depth: number): boolean {
    const fragment = this.#fragments.get(name);
    if (!fragment || this.#followed.has(name)) return this.exceeded === null;
    this.#followed.add(name);
    const isWithin = this.add(fragment.selectionSet, names, depth);
    this.#followed.delete(name);
    return isWithin;
  }
}
