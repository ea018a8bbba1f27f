package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.domain.cluster.Cluster;
import dev.skep.domain.cluster.ClusterView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code /cluster}: replicas, ports and duties, for administrators. */
@Path("/api/v1/cluster")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ClusterResource {

  private final CurrentCaller current;
  private final Cluster cluster;

  public ClusterResource(CurrentCaller current, Cluster cluster) {
    this.current = current;
    this.cluster = cluster;
  }

  @GET
  public ClusterView get() {
    return cluster.get(current.caller());
  }

  @POST
  @Path("/duties/{name}/step-down")
  public void stepDown(@PathParam("name") String name) {
    cluster.stepDown(current.caller(), name);
  }
}
