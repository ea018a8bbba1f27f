package dev.skep.api.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** {@code /q/openapi}: docs/openapi.yaml, as this build carries it. */
@Path("/q/openapi")
@RunOnVirtualThread
public class DescriptionResource {

  @GET
  @Produces("application/yaml")
  public byte[] get() throws IOException {
    try (InputStream description =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/openapi.yaml"), "openapi.yaml of the build")) {
      return description.readAllBytes();
    }
  }
}
