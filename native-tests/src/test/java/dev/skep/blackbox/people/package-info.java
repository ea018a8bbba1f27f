/** Users, groups, workspaces, sessions, tokens and settings. */
package dev.skep.blackbox.people;
