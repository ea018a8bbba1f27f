package dev.skep.domain.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A port as one replica sees it.
 *
 * @param target what the driver works on, without secrets
 * @param up whether the store has answered the last round trip
 * @param latencyMs how long that took; absent while it is down
 * @param server product and version, where the driver knows them
 * @param problem why it is down
 * @param checkedAt when it was last asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PortReport(
    String name,
    String driver,
    String target,
    boolean up,
    @Nullable Double latencyMs,
    @Nullable String server,
    @Nullable String problem,
    Instant checkedAt) {}
