/** Files and folders as people use them: content, listing, moving, copying, versions, trash. */
@NullMarked
package dev.skep.domain.files;

import org.jspecify.annotations.NullMarked;
