/** What holds for every route, derived from docs/openapi.yaml. */
package dev.skep.blackbox.every;
