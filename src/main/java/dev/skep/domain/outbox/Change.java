package dev.skep.domain.outbox;

/**
 * One thing that a transaction changed, with its whole state afterwards.
 *
 * @param type what happened, as a CloudEvents type ends: {@code node.created}
 * @param subject the id of what it happened to
 * @param state the whole state after the change, or before it where nothing is left
 */
public record Change(String type, String subject, Object state) {}
