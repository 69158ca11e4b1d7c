# One image for every program of Sluice: `docker run IMAGE ingress-worker -c …`, `run -c …`, `board`, `lanes`, … It holds production
# dependencies only, runs as a user without rights, and needs nothing to write to: `docker run --read-only IMAGE …` works.
#
#   docker build -t sluice .
#   docker build -t sluice-playground --target playground .   # with the local Kinesis, for docker-compose.yml
#
# No BuildKit syntax, so that the engines of older distributions build it too.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS sources
WORKDIR /checkout
COPY . .
RUN node deploy/docker/lay-out.mjs /out @sluice/sluice && \
    node deploy/docker/lay-out.mjs /out/web @sluice/board-web && \
    node deploy/docker/lay-out.mjs /out/playground @sluice/kinesis-emulator

# A stage of its own: as long as no manifest changes, nothing is installed anew.
FROM ${NODE_IMAGE} AS modules
WORKDIR /sluice
COPY --from=sources /out/manifests ./
RUN npm ci --no-update-notifier && npm sbom --sbom-format cyclonedx --sbom-type application > sbom.cdx.json
COPY deploy/docker/licences.mjs /tmp/
RUN node /tmp/licences.mjs . > THIRD-PARTY-LICENCES.txt && rm package-lock.json .npmrc

# The board's page. Of what builds it nothing is left but the page.
FROM ${NODE_IMAGE} AS web
WORKDIR /web
COPY --from=sources /out/web/manifests ./
RUN npm ci --no-update-notifier
COPY --from=sources /out/web/sources ./
RUN node apps/board/web/build.ts

FROM ${BASE_IMAGE} AS sluice
LABEL org.opencontainers.image.title="Sluice" \
      org.opencontainers.image.description="Moves records into and out of Amazon Kinesis Data Streams." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=modules /usr/local/bin/node /usr/local/bin/node
WORKDIR /sluice
COPY --from=modules /sluice ./
COPY --from=sources /out/sources ./
COPY --from=web /web/apps/board/web/dist apps/board/web/dist
COPY LICENSE ./
COPY deploy/docker/health.mjs ./
RUN ln -s /sluice/apps/sluice/start.mjs /usr/local/bin/sluice && mkdir .cache && chown 10001:10001 .cache

USER 10001:10001
# Listens on every address, since only the container's network reaches it. Compiled code is kept in the image: a start takes half the time.
# The user has no entry in /etc/passwd, so nothing else says where its home is.
ENV HOME=/ SLUICE_HOST=0.0.0.0 NODE_ENV=production NODE_COMPILE_CACHE=/sluice/.cache
RUN for program in ingress-worker egress-worker function-worker board lanes; do sluice "$program" --help > /dev/null || exit 1; done
EXPOSE 3000 4195 4196 4197
# Waiting for Redis or Kinesis is no fault of the container: it is unhealthy, and nobody should restart it for that.
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["node", "/sluice/health.mjs"]
ENTRYPOINT ["sluice"]
CMD ["--help"]

FROM sluice AS playground
COPY --from=sources /out/playground/sources/packages/kinesis-emulator packages/kinesis-emulator
COPY --from=sources /out/playground/manifests/packages/kinesis-emulator packages/kinesis-emulator
COPY examples examples
HEALTHCHECK NONE

# What is built when no target is named.
FROM sluice
