/** Requests that nobody thought of, made from docs/openapi.yaml. */
package dev.skep.blackbox.fuzz;
