export { BadRequest, type ChatMessage, type ChatRequest } from './chat-request.ts';
export type { Completion, Usage } from './completion.ts';
export { startDemoModel } from './demo-model.ts';
export { type ChatServer, type ChatServerOptions, startChatServer } from './server.ts';
