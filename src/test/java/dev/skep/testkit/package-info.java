/** What several tests share: broken and faulty drivers, real servers, clocks and crash rigs. */
@NullMarked
package dev.skep.testkit;

import org.jspecify.annotations.NullMarked;
