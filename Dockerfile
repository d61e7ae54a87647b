# Two images of one repository: `--target onebox` (API, worker, migrate) and `--target ics`.
# Neither has been built yet: this was written on a machine without Docker.

FROM python:3.11-slim AS onebox
RUN pip install --no-cache-dir uv==0.13.8
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY onebox onebox
COPY store store
COPY activities activities
COPY workflows workflows
COPY api api
COPY cli cli
RUN uv sync --locked --no-dev --compile-bytecode
COPY config config
USER 1000
ENV PATH=/app/.venv/bin:$PATH ONEBOX_CONFIG_DIR=/app/config
CMD ["onebox", "serve"]

FROM node:20-slim AS ics
WORKDIR /app/ics
COPY ics/package.json ics/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY ics/tsconfig.json ./
COPY ics/contracts contracts
COPY ics/src src
RUN npm run compile
COPY config /app/config
RUN mkdir /state && chown 1000 /state
USER 1000
ENV ONEBOX_CONFIG_DIR=/app/config
CMD ["node", "--import", "tsx", "src/server.ts"]
