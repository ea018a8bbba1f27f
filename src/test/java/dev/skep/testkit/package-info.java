/** What tests share: disks that fail, ports that time out, contracts run from within a test. */
@NullMarked
package dev.skep.testkit;

import org.jspecify.annotations.NullMarked;
