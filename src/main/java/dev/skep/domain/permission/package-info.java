/** Who may do what on which node: the rule, the check and the entries. */
@NullMarked
package dev.skep.domain.permission;

import org.jspecify.annotations.NullMarked;
