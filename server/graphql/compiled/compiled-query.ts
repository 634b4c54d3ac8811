import {
  defaultFieldResolver,
  type ExecutionArgs,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphQLContext } from '../context.ts';
import { Compiler, LEFT, type Operation, type RootField, type Run, type Write } from './compiler.ts';
import { WrittenData, type WrittenResult } from './written-data.ts';

/** The fields of Query whose results may be written by what is compiled. */
const FIELDS: ReadonlySet<string> = new Set(['conversation', 'conversations']);

/** After how many runs in a row that were left to the executor it is not tried, and for how many. */
const MOST_LEFT = 3;
const SKIPPED = 100;

/**
 * A query whose selection is compiled: the resolvers of its own fields run as they do for the executor, with all that checks
 * them, and what they return is written as JSON in one go, instead of being completed field by field.
 */
export class CompiledQuery {
  readonly #compiler: Compiler;
  readonly #operation: OperationDefinitionNode;
  readonly #fields: readonly RootField[];
  #left = 0;
  #toSkip = 0;

  private constructor(compiler: Compiler, operation: OperationDefinitionNode, fields: RootField[]) {
    this.#compiler = compiler;
    this.#operation = operation;
    this.#fields = fields;
  }

  /** Null: the executor alone can run this operation. */
  static compile(args: Operation): CompiledQuery | null {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== 'query') return null;
    const given = { ...args.variableValues };
    const { coerced } = getVariableValues(args.schema, operation.variableDefinitions ?? [], given);
    const compiler = coerced && Compiler.of(args, coerced, false);
    if (!compiler) return null;
    try {
      const fields = compiler.root();
      const isPlain = fields.every(({ field }) => field === null || FIELDS.has(field.name));
      return isPlain && fields.some(({ field }) => field)
        ? new CompiledQuery(compiler, operation, fields)
        : null;
    } catch {
      return null;
    }
  }

  /** Whether to try it: not after it was left to the executor a few times in a row, for a while. */
  get isDue(): boolean {
    if (this.#toSkip === 0) return true;
    this.#toSkip--;
    return false;
  }

  /** @throws whatever a resolver throws, and what is not plain: the executor has to do all of it */
  async run(args: ExecutionArgs): Promise<WrittenResult> {
    try {
      const json = await this.#write(args);
      this.#left = 0;
      return { data: new WrittenData(json) };
    } catch (error) {
      if (++this.#left >= MOST_LEFT) this.#toSkip = SKIPPED;
      throw error;
    }
  }

  async #write({ schema, variableValues, contextValue, rootValue }: ExecutionArgs): Promise<string> {
    const definitions = this.#operation.variableDefinitions ?? [];
    const { coerced: variables } = getVariableValues(schema, definitions, { ...variableValues });
    if (!variables) throw LEFT;
    const run: Run = { context: contextValue as GraphQLContext, variables, later };
    const texts = await Promise.all(this.#fields.map((root) => this.#field(root, run, rootValue)));
    return `{${this.#fields.map(({ responseName }, i) => `${JSON.stringify(responseName)}:${texts[i]}`).join(',')}}`;
  }

  async #field(root: RootField, run: Run, rootValue: unknown): Promise<string> {
    const { field, nodes, write } = root;
    const [node] = nodes;
    if (!field || !node) return write(null, run);
    const args = getArgumentValues(field, node, run.variables);
    const info = this.#compiler.rootInfo(root, run, rootValue);
    const resolve = field.resolve ?? defaultFieldResolver;
    return write(await resolve(rootValue, args, run.context, info), run);
  }
}

function later(value: Promise<unknown>, write: Write, run: Run): Promise<string> {
  const written = value.then((resolved) => write(resolved, run));
  // Another field may throw before it is awaited.
  written.catch(() => {});
  return written;
}
