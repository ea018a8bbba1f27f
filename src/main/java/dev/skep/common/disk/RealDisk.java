package dev.skep.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The machine's file system. Files are made 0600 and folders 0700. */
public final class RealDisk implements Disk {

  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @Override
  public WritableFile create(Path file) throws IOException {
    try {
      return new NewFile(file, FileChannel.open(file, NEW, OWNER_ONLY_FILE));
    } catch (IOException e) {
      throw named(e, file, 0);
    }
  }

  @Override
  public WritableFile createLarge(Path file) throws IOException {
    WritableFile direct = DirectFile.tryCreate(file, OWNER_ONLY_FILE);
    return direct == null ? create(file) : direct;
  }

  @Override
  public ReadableFile open(Path file) throws IOException {
    return new OpenFile(FileChannel.open(file, StandardOpenOption.READ));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw named(e, to, 0);
    }
  }

  @Override
  public boolean delete(Path file) throws IOException {
    return Files.deleteIfExists(file);
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      return;
    }
    if (Files.isDirectory(absolute)) {
      forceInherited(parent);
      return;
    }
    createFolders(parent);
    try {
      Files.createDirectory(absolute, OWNER_ONLY_FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(absolute)) {
        throw e;
      }
    } catch (IOException e) {
      throw named(e, absolute, 0);
    }
    forceFolder(parent);
  }

  /**
   * A process that was killed between making a folder and forcing it leaves one that is not durable
   * yet. Where the parent belongs to another user, we did not make the folder in it.
   */
  private void forceInherited(Path parent) throws IOException {
    try {
      forceFolder(parent);
    } catch (AccessDeniedException e) {
      // Thrown by opening, so no force has failed.
    }
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    // An interrupted thread closes the channel and would make a sound force look like a failed one.
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public long freeSpace(Path folder) throws IOException {
    // Not Files.getFileStore, which reads the whole mount table each time.
    long free = folder.toFile().getUsableSpace();
    if (free == 0 && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    return free;
  }

  /** The system's text is in the user's language, so the space that is left counts too. */
  static IOException named(IOException e, Path file, long needed) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String text = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return new DiskFull(e.getMessage(), e);
    }
    return needed > 0 && file.toFile().getUsableSpace() < needed
        ? new DiskFull(e.getMessage(), e)
        : e;
  }

  private static final class NewFile implements WritableFile {
    private final Path file;
    private final FileChannel channel;
    private boolean givenUp;

    NewFile(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      requireSound();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        throw named(e, file, bytes.remaining());
      }
    }

    @Override
    public void force() throws IOException {
      requireSound();
      givenUp = true;
      try {
        channel.force(true);
      } catch (IOException e) {
        throw named(e, file, 0);
      }
      givenUp = false;
    }

    /** After a failed force the kernel may call pages clean that never reached the disk. */
    private void requireSound() throws IOException {
      if (givenUp) {
        throw new IOException("This file was given up when it could not be forced: " + file);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private record OpenFile(FileChannel channel) implements ReadableFile {

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return channel.read(into, position);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
