# syntax=docker/dockerfile:1
# The stages `build` and `dependencies` are identical in both Dockerfiles, so that the builder runs them only once.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/client/package.json packages/client/
COPY packages/demo-model/package.json packages/demo-model/
COPY packages/redaction/package.json packages/redaction/
COPY scripts/absent scripts/absent
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY main.ts prisma.config.ts rolldown.config.ts schema.graphql tsconfig.json ./
COPY scripts scripts
COPY prisma prisma
COPY core core
COPY packages packages
COPY worker worker
COPY server server
COPY client client
RUN npm run build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/client/package.json packages/client/
COPY packages/demo-model/package.json packages/demo-model/
COPY packages/redaction/package.json packages/redaction/
COPY scripts/absent scripts/absent
# Optional packages are omitted: tools that Prisma could run (half of the size), and a native decoder that BullMQ does not
# need.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24-bookworm-slim
# AUTH_MODE is left to the operator: on addresses beyond loopback the server does not start without it.
ENV NODE_ENV=production PROCESSES=1 HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY prisma/migrations prisma/migrations
COPY --from=build /app/dist dist
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/server-main.js"]
