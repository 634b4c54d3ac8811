import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { openPubSub } from './pubsub.mjs';
import { listen } from './ready.mjs';
import { schemaWith } from './schema.mjs';

/** Apollo Server as its page on subscriptions shows it: Express, ws, graphql-ws, and a PubSub for production. */
const schema = schemaWith(await openPubSub());
const app = express();
const server = createServer(app);
const sockets = new WebSocketServer({ server, path: '/graphql' });
const serving = useServer({ schema }, sockets);
const drainSockets = {
  serverWillStart: async () => ({ drainServer: async () => serving.dispose() }),
};
const apollo = new ApolloServer({
  schema,
  plugins: [ApolloServerPluginDrainHttpServer({ httpServer: server }), drainSockets],
});
await apollo.start();
app.use('/graphql', express.json(), expressMiddleware(apollo));
listen(server);
