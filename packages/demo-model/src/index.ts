export type { Answerer, ChatMessage, ChatRequest, UpstreamChunk, Usage } from './chunks.ts';
export { startDemoModel } from './demo-model.ts';
export { startUpstream, type Upstream } from './server.ts';
