package dev.skep.blackbox.page;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window, signed in to one Skep. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser open() {
    Optional<Path> chromium = program("chromium");
    Optional<Path> chromedriver = program("chromedriver");
    Assumptions.assumeTrue(
        chromium.isPresent() && chromedriver.isPresent(),
        "no chromium and chromedriver on this machine (packages chromium, chromium-driver)");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    // Chromium's sandbox refuses root, and /dev/shm is tiny in containers.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--lang=de-DE",
        "--window-size=1000,800");
    File program = chromedriver.get().toFile();
    return new Browser(
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(program).build(), options));
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** With the secret of a session or access token, as a person would paste it. */
  void signIn(String page, String secret) {
    driver.get(page);
    driver.findElement(By.cssSelector("#sign-in summary")).click();
    driver.findElement(By.id("secret")).sendKeys(secret);
    driver.findElement(By.cssSelector("#by-secret button")).click();
    await(() -> driver.findElement(By.id("drive")).isDisplayed());
  }

  /** The folder of these names; waits until it is shown. */
  void go(String place) {
    script("location.hash = arguments[0]", "#/" + place);
    await(() -> shownFolder().equalsIgnoreCase(place.substring(place.lastIndexOf('/') + 1)));
  }

  private String shownFolder() {
    List<WebElement> crumbs = driver.findElements(By.cssSelector("#crumbs li[aria-current]"));
    return crumbs.isEmpty() || !settled() ? "" : crumbs.getFirst().getText();
  }

  /** Whether the list, or that there is none, is shown. */
  private boolean settled() {
    return !names().isEmpty() || driver.findElement(By.id("empty")).isDisplayed();
  }

  List<String> names() {
    return texts("#list tbody td.name");
  }

  List<String> texts(String css) {
    return driver.findElements(By.cssSelector(css)).stream()
        .map(found -> found.getText().replaceAll("\\s+", " "))
        .toList();
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  Object script(String text, Object... arguments) {
    return driver.executeScript(text, arguments);
  }

  ChromeDriver driver() {
    return driver;
  }

  void await(java.util.function.BooleanSupplier condition) {
    new WebDriverWait(driver, PATIENCE)
        .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
        .until(there -> condition.getAsBoolean());
  }

  @Override
  public void close() {
    driver.quit();
  }
}
