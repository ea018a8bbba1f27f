/**
 * Building block: the event of a change, written in the transaction of the change, and its
 * idempotency key.
 */
@NullMarked
package dev.skep.domain.outbox;

import org.jspecify.annotations.NullMarked;
