# One image for every program of Sluice: `docker run IMAGE ingress-worker -c …`, `run -c …`, `board`, `lanes`, … It holds the programs as a
# bundle, runs as a user without rights, and needs nothing to write to: `docker run --read-only IMAGE …` works.
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
    node deploy/docker/lay-out.mjs /out/build @sluice/sluice @sluice/board-web @sluice/kinesis-emulator

# What is in the bundle, by name, version and licence. As long as no manifest changes, nothing is installed anew.
FROM ${NODE_IMAGE} AS modules
WORKDIR /sluice
COPY --from=sources /out/manifests ./
RUN npm ci --no-update-notifier && npm sbom --sbom-format cyclonedx --sbom-type application > sbom.cdx.json
COPY deploy/docker/licences.mjs /tmp/
RUN node /tmp/licences.mjs . > THIRD-PARTY-LICENCES.txt

# The programs and the board's page. Of what builds them nothing is left.
FROM ${NODE_IMAGE} AS bundle
WORKDIR /build
COPY --from=sources /out/build/manifests ./
RUN npm ci --no-update-notifier
COPY --from=sources /out/build/sources ./
COPY tools/bundle tools/bundle
COPY tools/pack tools/pack
RUN node tools/bundle/bundle.ts /out/sluice && node tools/bundle/bundle.ts /out/playground kinesis-emulator

FROM ${BASE_IMAGE} AS sluice
LABEL org.opencontainers.image.title="Sluice" \
      org.opencontainers.image.description="Moves records into and out of Amazon Kinesis Data Streams." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=modules /usr/local/bin/node /usr/local/bin/node
WORKDIR /sluice
COPY --from=bundle /out/sluice ./
COPY --from=modules /sluice/sbom.cdx.json /sluice/THIRD-PARTY-LICENCES.txt ./
COPY LICENSE ./
COPY deploy/docker/health.mjs ./
RUN ln -s /sluice/bin/sluice.js /usr/local/bin/sluice && mkdir .cache && chown 10001:10001 .cache

USER 10001:10001
# Listens on every address, since only the container's network reaches it. Compiled code is kept in the image: a start takes half the time.
# The user has no entry in /etc/passwd, so nothing else says where its home is. The C library would keep memory apart for each helper
# thread of V8: a worker takes 6 MiB less where all of them share it.
ENV HOME=/ SLUICE_HOST=0.0.0.0 NODE_ENV=production NODE_COMPILE_CACHE=/sluice/.cache MALLOC_ARENA_MAX=2
RUN for program in ingress-worker egress-worker function-worker board lanes; do sluice "$program" --help > /dev/null || exit 1; done
EXPOSE 3000 4195 4196 4197
# Waiting for Redis or Kinesis is no fault of the container: it is unhealthy, and nobody should restart it for that.
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["node", "/sluice/health.mjs"]
ENTRYPOINT ["sluice"]
CMD ["--help"]

FROM sluice AS playground
COPY --from=bundle /out/playground ./
COPY examples examples
HEALTHCHECK NONE

# What is built when no target is named.
FROM sluice
