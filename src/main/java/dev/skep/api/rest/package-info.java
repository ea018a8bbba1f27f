/**
 * The REST API of docs/openapi.yaml: reads requests, calls the domain, writes JSON, bytes and
 * problems.
 */
@NullMarked
package dev.skep.api.rest;

import org.jspecify.annotations.NullMarked;
