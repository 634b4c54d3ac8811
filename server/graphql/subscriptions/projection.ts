import { collectFields, collectSubFields } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

/** Writes the value of a field as JSON. @throws LEFT */
type Write = (value: unknown) => string;

/** Thrown for what is left to the executor. */
const LEFT = Symbol('left to the executor');

/**
 * What a subscription selects of its events, compiled: it writes the result of an event as JSON, as the executor and
 * JSON.stringify would, in one go. Whatever is not plain is left to the executor, which alone knows errors, promises, nulls that
 * propagate, and resolvers that need more than `context` has.
 */
export class Projection {
  readonly #head: string;
  readonly #write: Write;
  #event: unknown;
  #json: string | null = null;

  private constructor(responseName: string, write: Write) {
    this.#head = `{"data":{${JSON.stringify(responseName)}:`;
    this.#write = write;
  }

  /**
   * Null: the executor alone can run this operation. `context`: what every caller's resolvers see in the same way. Anything
   * else must throw when it is read. The resolver of the field itself is not called: it must return the event.
   */
  static compile(args: Operation, context: object): Projection | null {
    const compiler = Compiler.of(args, context);
    if (!compiler) return null;
    try {
      const { responseName, write } = compiler.root();
      return new Projection(responseName, write);
    } catch {
      return null;
    }
  }

  /**
   * The result of an event; null: it is left to the executor. An event that comes to many listeners is written once: what is
   * written of the newest is kept.
   */
  write(event: object): string | null {
    if (event === this.#event) return this.#json;
    this.#event = event;
    try {
      this.#json = `${this.#head}${this.#write(event)}}}`;
    } catch {
      this.#json = null;
    }
    return this.#json;
  }
}

export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

class Compiler {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: Record<string, FragmentDefinitionNode>;
  readonly #variables: Record<string, unknown>;
  readonly #context: object;

  private constructor(
    { schema, document }: Operation,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
    context: object,
  ) {
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    this.#context = context;
    this.#fragments = {};
    for (const one of document.definitions)
      if (one.kind === Kind.FRAGMENT_DEFINITION) this.#fragments[one.name.value] = one;
  }

  /** Null: the operation's variables are not valid. */
  static of(args: Operation, context: object): Compiler | null {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== 'subscription') return null;
    const given = { ...args.variableValues };
    const { coerced } = getVariableValues(args.schema, operation.variableDefinitions ?? [], given);
    return coerced ? new Compiler(args, operation, coerced, context) : null;
  }

  root(): { responseName: string; write: Write } {
    const type = this.#schema.getSubscriptionType();
    if (!type) throw LEFT;
    const { selectionSet } = this.#operation;
    const { fields } = collectFields(this.#schema, this.#fragments, this.#variables, type, selectionSet);
    const [[responseName, nodes] = [], ...others] = fields;
    const field = nodes?.[0] && type.getFields()[nodes[0].name.value];
    if (responseName === undefined || !field || others.length > 0) throw LEFT;
    return { responseName, write: this.#value(field.type, nodes) };
  }

  #object(type: GraphQLObjectType, nodes: FieldNode[]): Write {
    const { fields, patches } = collectSubFields(this.#schema, this.#fragments, this.#variables, type, nodes);
    if (patches.length > 0) throw LEFT;
    const parts = [...fields].map(([name, fieldNodes], at) => ({
      before: `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`,
      write: this.#field(type, fieldNodes),
    }));
    if (parts.length === 0) return () => '{}';
    return (source) => {
      let text = '';
      for (const { before, write } of parts) text += before + write(source);
      return `${text}}`;
    };
  }

  #field(parent: GraphQLObjectType, nodes: FieldNode[]): Write {
    const [node] = nodes;
    if (!node) throw LEFT;
    if (node.name.value === '__typename') {
      const text = JSON.stringify(parent.name);
      return () => text;
    }
    const field = parent.getFields()[node.name.value];
    if (!field) throw LEFT;
    const args = Object.freeze(getArgumentValues(field, node, this.#variables));
    const info = this.#info(parent, field.type, nodes, field.name);
    const resolve = field.resolve ?? defaultFieldResolver;
    const write = this.#value(field.type, nodes);
    const context = this.#context;
    return (source) => write(resolve(source, args, context, info));
  }

  #value(type: GraphQLOutputType, nodes: FieldNode[]): Write {
    if (!isNonNullType(type)) {
      const write = this.#present(type, nodes);
      return (value) => (value === null || value === undefined ? 'null' : write(value));
    }
    const write = this.#present(type.ofType, nodes);
    return (value) => {
      if (value === null || value === undefined) throw LEFT;
      return write(value);
    };
  }

  /** Of a value that is not null. */
  #present(type: GraphQLOutputType, nodes: FieldNode[]): Write {
    if (isLeafType(type)) return leaf(type);
    if (isListType(type)) {
      const write = this.#value(type.ofType, nodes);
      return (items) => {
        if (!Array.isArray(items)) throw LEFT;
        return `[${items.map(write).join(',')}]`;
      };
    }
    if (isAbstractType(type)) return this.#abstract(type, nodes);
    if (isObjectType(type)) return this.#concrete(type, nodes);
    throw LEFT;
  }

  #concrete(type: GraphQLObjectType, nodes: FieldNode[]): Write {
    const write = this.#object(type, nodes);
    const info = this.#info(type, type, nodes, nodes[0]?.name.value ?? '');
    return (value) => {
      leaveSpecial(value);
      if (type.isTypeOf && type.isTypeOf(value, this.#context, info) !== true) throw LEFT;
      return write(value);
    };
  }

  #abstract(type: GraphQLAbstractType, nodes: FieldNode[]): Write {
    const { resolveType } = type;
    if (!resolveType) throw LEFT;
    const info = this.#info(null, type, nodes, nodes[0]?.name.value ?? '');
    const writes = new Map<string, Write>();
    for (const possible of this.#schema.getPossibleTypes(type))
      writes.set(possible.name, this.#concrete(possible, nodes));
    return (value) => {
      leaveSpecial(value);
      const name = resolveType(value, this.#context, info, type);
      const write = typeof name === 'string' ? writes.get(name) : undefined;
      if (!write) throw LEFT;
      return write(value);
    };
  }

  /** What is not the same for each event must not be read. */
  #info(
    parentType: GraphQLObjectType | null,
    returnType: GraphQLOutputType,
    fieldNodes: FieldNode[],
    fieldName: string,
  ): GraphQLResolveInfo {
    const info = {
      fieldName,
      fieldNodes,
      returnType,
      schema: this.#schema,
      fragments: this.#fragments,
      operation: this.#operation,
      variableValues: this.#variables,
      get parentType(): GraphQLObjectType {
        if (!parentType) throw LEFT;
        return parentType;
      },
      get path(): never {
        throw LEFT;
      },
      get rootValue(): never {
        throw LEFT;
      },
    };
    return info;
  }
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
