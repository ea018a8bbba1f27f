/**
 * Building block: the bytes of files, from the blob that is announced to the one that is removed.
 */
@NullMarked
package dev.skep.domain.content;

import org.jspecify.annotations.NullMarked;
