# Fovea's server: models of /models, requests on 8080, metrics on 9090.
#   docker build -t fovea .
#   docker run -p 127.0.0.1:8080:8080 -v "$PWD/models:/models:ro" -v "$PWD/token:/run/secrets/fovea-token:ro" fovea
FROM docker.io/library/eclipse-temurin:17-jdk AS build
WORKDIR /opt/fovea
COPY . .
RUN ./mvnw -B -q -pl core,export,serve,cli -DskipTests package && touch cli/target/built

FROM docker.io/library/eclipse-temurin:17-jre
# The launcher, the classes and the libraries, no sources: so nothing is ever built here.
COPY --from=build /opt/fovea/fovea /opt/fovea/
COPY --from=build /opt/fovea/core/target/classes /opt/fovea/core/target/classes
COPY --from=build /opt/fovea/export/target/classes /opt/fovea/export/target/classes
COPY --from=build /opt/fovea/serve/target/classes /opt/fovea/serve/target/classes
COPY --from=build /opt/fovea/cli/target/classes /opt/fovea/cli/target/classes
COPY --from=build /opt/fovea/cli/target/lib /opt/fovea/cli/target/lib
COPY --from=build /opt/fovea/cli/target/built /opt/fovea/cli/target/built
# The engine's libraries are unpacked here at the first start.
ENV FOVEA_JAVA_OPTS="-Dorg.bytedeco.javacpp.cachedir=/var/cache/fovea -XX:MaxRAMPercentage=40" \
    FOVEA_CACHE=/var/cache/fovea/files
RUN mkdir -p /var/cache/fovea /models && chown 10001 /var/cache/fovea
USER 10001
VOLUME /var/cache/fovea
EXPOSE 8080 9090
ENTRYPOINT ["/opt/fovea/fovea"]
CMD ["serve", "--repository", "/models", "--host", "0.0.0.0", "--token-file", "/run/secrets/fovea-token", "--metrics-port", "9090"]
