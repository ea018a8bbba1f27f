/** The page that people use, in a real browser. */
package dev.skep.blackbox.page;
