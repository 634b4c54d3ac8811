import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';

export interface CollectedSpan {
  service: string;
  name: string;
  /** INTERNAL 1, SERVER 2, CLIENT 3, PRODUCER 4, CONSUMER 5. */
  kind: number;
  traceId: string;
  spanId: string;
  /** Empty for the first of a trace. */
  parentId: string;
  attributes: Record<string, unknown>;
  isError: boolean;
}

/** A collector of traces that receives OTLP over HTTP and decodes it independently of the SDK. */
export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  /** Everything that was sent, as text, to search it for what must not be in it. */
  raw = '';
  readonly #server = createServer(async (request, response) => {
    const body = await buffer(request);
    this.raw += body.toString('latin1');
    if (request.url === '/v1/traces') this.spans.push(...spansIn(body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** The part of trace.proto of opentelemetry-proto that is read here. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4;
    string name = 5; int32 kind = 6; repeated KeyValue attributes = 9; Status status = 15;
  }
  message Status { int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
`);
const Request = root.lookupType('Request');

// biome-ignore lint/suspicious/noExplicitAny: what the message above describes
type Decoded = any;

function spansIn(body: Buffer): CollectedSpan[] {
  const { resourceSpans = [] }: Decoded = Request.toObject(Request.decode(body), { longs: Number });
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }: Decoded) =>
    scopeSpans.flatMap(({ spans = [] }: Decoded) =>
      spans.map((span: Decoded) => ({
        service: attributesOf(resource)['service.name'],
        name: span.name,
        kind: span.kind,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentId: span.parentSpanId ? hex(span.parentSpanId) : '',
        attributes: attributesOf(span),
        isError: span.status?.code === 2,
      })),
    ),
  );
}

function attributesOf({ attributes = [] }: Decoded): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }: Decoded) => [key, plain(value)]));
}

function plain(value: Decoded): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
  return Object.values(value)[0];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
