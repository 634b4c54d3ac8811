import { collectFields, collectSubFields } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

/** JSON, or the promise of it. */
type Written = string | Promise<string>;
/** Writes a value as JSON. @throws LEFT, at once or later */
export type Write = (value: unknown, run: Run) => Written;

/** Thrown for what is left to the executor. */
export const LEFT = Symbol('left to the executor');

/** One use of what was compiled. */
export interface Run {
  /** What resolvers get as their context. */
  context: object;
  /** The coerced variables of the operation. */
  variables: Record<string, unknown>;
  /** Writes what a promise resolves to. @throws LEFT where promises are left to the executor */
  later(value: Promise<unknown>, write: Write, run: Run): Promise<string>;
}

export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

/** A field of the operation itself, and how its value is written. */
export interface RootField {
  responseName: string;
  nodes: FieldNode[];
  parent: GraphQLObjectType;
  /** Null: `__typename`. */
  field: GraphQLField<unknown, unknown> | null;
  write: Write;
}

/**
 * Compiles the selection of an operation into functions that write what was resolved as JSON, as the executor and
 * JSON.stringify would, in one go. Whatever is not plain throws {@link LEFT}: the executor alone knows errors, nulls that
 * propagate, and resolvers that need more of the operation than this passes on.
 */
export class Compiler {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: Record<string, FragmentDefinitionNode>;
  readonly #variables: Record<string, unknown>;
  readonly #areArgumentsKnown: boolean;

  private constructor(
    { schema, document }: Operation,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
    areArgumentsKnown: boolean,
  ) {
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    this.#areArgumentsKnown = areArgumentsKnown;
    this.#fragments = {};
    for (const one of document.definitions)
      if (one.kind === Kind.FRAGMENT_DEFINITION) this.#fragments[one.name.value] = one;
  }

  /**
   * `variables`: coerced. What is compiled holds for operations with the same values in `@skip` and `@include`; if
   * `areArgumentsKnown`, for those with the same values anywhere in the selection.
   */
  static of(
    args: Operation,
    variables: Record<string, unknown>,
    areArgumentsKnown: boolean,
  ): Compiler | null {
    const operation = getOperationAST(args.document, args.operationName);
    return operation ? new Compiler(args, operation, variables, areArgumentsKnown) : null;
  }

  /** @throws LEFT */
  root(): RootField[] {
    const parent = this.#schema.getRootType(this.#operation.operation);
    if (!parent) throw LEFT;
    const { fields, patches } = collectFields(
      this.#schema,
      this.#fragments,
      this.#variables,
      parent,
      this.#operation.selectionSet,
    );
    if (patches.length > 0) throw LEFT;
    return [...fields].map(([responseName, nodes]) => {
      const name = nodes[0]?.name.value ?? '';
      const field = parent.getFields()[name];
      if (field) return { responseName, nodes, parent, field, write: this.#value(field.type, nodes) };
      if (name !== '__typename') throw LEFT;
      return { responseName, nodes, parent, field: null, write: constant(parent.name) };
    });
  }

  /** What a resolver of the operation's own fields gets beside the context. */
  rootInfo(
    { parent, field, nodes, responseName }: RootField,
    run: Run,
    rootValue: unknown,
  ): GraphQLResolveInfo {
    if (!field) throw LEFT;
    const info = this.#info(parent, field.type, nodes, field.name, responseName);
    return Object.defineProperties(info, {
      variableValues: { value: run.variables },
      rootValue: { value: rootValue },
    });
  }

  #object(type: GraphQLObjectType, nodes: FieldNode[]): Write {
    const { fields, patches } = collectSubFields(this.#schema, this.#fragments, this.#variables, type, nodes);
    if (patches.length > 0) throw LEFT;
    const parts = [...fields].map(([name, fieldNodes], at) => ({
      before: `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`,
      write: this.#field(type, fieldNodes, name),
    }));
    if (parts.length === 0) return () => '{}';
    return (source, run) => {
      let text = '';
      let pieces: Pieces | null = null;
      for (const { before, write } of parts) {
        const piece = write(source, run);
        if (pieces) pieces.add(before, piece);
        else if (typeof piece === 'string') text += before + piece;
        else pieces = new Pieces(text + before, piece);
      }
      return pieces ? pieces.end('}') : `${text}}`;
    };
  }

  #field(parent: GraphQLObjectType, nodes: FieldNode[], responseName: string): Write {
    const [node] = nodes;
    if (!node) throw LEFT;
    if (node.name.value === '__typename') return constant(parent.name);
    const field = parent.getFields()[node.name.value];
    if (!field) throw LEFT;
    const argumentsOf = this.#arguments(field, node);
    const info = this.#info(parent, field.type, nodes, field.name, responseName);
    const resolve = field.resolve ?? defaultFieldResolver;
    const write = this.#value(field.type, nodes);
    return (source, run) => {
      const value: unknown = resolve(source, argumentsOf(run), run.context, info);
      return value instanceof Promise ? run.later(value, write, run) : write(value, run);
    };
  }

  #arguments(field: GraphQLField<unknown, unknown>, node: FieldNode): (run: Run) => Record<string, unknown> {
    const isSame = this.#areArgumentsKnown || !node.arguments?.length;
    if (!isSame) return ({ variables }) => getArgumentValues(field, node, variables);
    const args = Object.freeze(getArgumentValues(field, node, this.#variables));
    return () => args;
  }

  #value(type: GraphQLOutputType, nodes: FieldNode[]): Write {
    if (!isNonNullType(type)) {
      const write = this.#present(type, nodes);
      return (value, run) => (value === null || value === undefined ? 'null' : write(value, run));
    }
    const write = this.#present(type.ofType, nodes);
    return (value, run) => {
      if (value === null || value === undefined) throw LEFT;
      return write(value, run);
    };
  }

  /** Of a value that is not null. */
  #present(type: GraphQLOutputType, nodes: FieldNode[]): Write {
    if (isLeafType(type)) return leaf(type);
    if (isListType(type)) {
      const write = this.#value(type.ofType, nodes);
      return (items, run) => {
        if (!isIterable(items)) throw LEFT;
        let text = '';
        let pieces: Pieces | null = null;
        let before = '[';
        for (const item of items) {
          const piece = item instanceof Promise ? run.later(item, write, run) : write(item, run);
          if (pieces) pieces.add(before, piece);
          else if (typeof piece === 'string') text += before + piece;
          else pieces = new Pieces(text + before, piece);
          before = ',';
        }
        const after = before === '[' ? '[]' : ']';
        return pieces ? pieces.end(after) : text + after;
      };
    }
    if (isAbstractType(type)) return this.#abstract(type, nodes);
    if (isObjectType(type)) return this.#concrete(type, nodes);
    throw LEFT;
  }

  #concrete(type: GraphQLObjectType, nodes: FieldNode[]): Write {
    const write = this.#object(type, nodes);
    const info = this.#info(type, type, nodes, nodes[0]?.name.value ?? '', null);
    return (value, run) => {
      leaveSpecial(value);
      if (type.isTypeOf && type.isTypeOf(value, run.context, info) !== true) throw LEFT;
      return write(value, run);
    };
  }

  #abstract(type: GraphQLAbstractType, nodes: FieldNode[]): Write {
    const { resolveType } = type;
    if (!resolveType) throw LEFT;
    const info = this.#info(null, type, nodes, nodes[0]?.name.value ?? '', null);
    const writes = new Map<string, Write>();
    for (const possible of this.#schema.getPossibleTypes(type))
      writes.set(possible.name, this.#concrete(possible, nodes));
    return (value, run) => {
      leaveSpecial(value);
      const name = resolveType(value, run.context, info, type);
      const write = typeof name === 'string' ? writes.get(name) : undefined;
      if (!write) throw LEFT;
      return write(value, run);
    };
  }

  /** What is not the same for each run must not be read. Of the path only its end is known. */
  #info(
    parentType: GraphQLObjectType | null,
    returnType: GraphQLOutputType,
    fieldNodes: FieldNode[],
    fieldName: string,
    responseName: string | null,
  ): GraphQLResolveInfo {
    const variables = this.#areArgumentsKnown ? this.#variables : null;
    const path = responseName === null ? null : endOfPath(responseName, parentType?.name);
    const info = {
      fieldName,
      fieldNodes,
      returnType,
      schema: this.#schema,
      fragments: this.#fragments,
      operation: this.#operation,
      get variableValues(): Record<string, unknown> {
        return known(variables);
      },
      get parentType(): GraphQLObjectType {
        return known(parentType);
      },
      get path(): GraphQLResolveInfo['path'] {
        return known(path);
      },
      get rootValue(): never {
        throw LEFT;
      },
    };
    return info;
  }
}

/** JSON that is added piece by piece after the first promise. */
class Pieces {
  readonly #pieces: Written[];

  constructor(before: string, promise: Promise<string>) {
    this.#pieces = [before, promise];
  }

  add(before: string, piece: Written): void {
    this.#pieces.push(before, piece);
  }

  end(after: string): Promise<string> {
    const joined = Promise.all([...this.#pieces, after]).then((pieces) => pieces.join(''));
    // What is added after it may throw, so that it is not awaited.
    joined.catch(() => {});
    return joined;
  }
}

function constant(text: string): Write {
  const json = JSON.stringify(text);
  return () => json;
}

function known<T>(value: T | null): T {
  if (value === null) throw LEFT;
  return value;
}

function endOfPath(key: string, typename: string | undefined): GraphQLResolveInfo['path'] {
  return {
    key,
    typename,
    get prev(): never {
      throw LEFT;
    },
  };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function leaf(type: GraphQLLeafType): Write {
  return (value) => {
    if (typeof value === 'object') leaveSpecial(value);
    const serialized: unknown = type.serialize(value);
    const text = serialized === null ? undefined : JSON.stringify(serialized);
    if (text === undefined) throw LEFT;
    return text;
  };
}

/** Errors and promises are left to the executor. */
function leaveSpecial(value: unknown): void {
  if (value instanceof Error) throw LEFT;
  if (typeof value === 'object' && value !== null && 'then' in value) throw LEFT;
}
