/** The three tiers of the tests: which test belongs to which, and how often it repeats itself. */
package dev.skep.testkit.tier;
