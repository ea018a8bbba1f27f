/**
 * People, service accounts, groups, and how they prove who they are: passwords, sessions, tokens.
 */
@NullMarked
package dev.skep.domain.identity;

import org.jspecify.annotations.NullMarked;
