export type { Answerer, ChatMessage, ChatRequest, UpstreamChunk, Usage } from './chunks.ts';
export { startUpstream, type Upstream } from './server.ts';
