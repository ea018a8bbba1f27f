/** Skep seen from outside: the built artefact, started as a process and asked over HTTP. */
package dev.skep.blackbox;
