package dev.skep.blackbox.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.interactions.Actions;

/** What people do on the page, and what it must not do to them. */
@BlackBox
final class PageTest {

  private final Skep skep;
  private final Client admin;
  private final Browser browser = Browser.open();
  private String folder;

  PageTest(Skep skep) {
    this.skep = skep;
    this.admin = skep.admin();
  }

  @BeforeEach
  void signIn() {
    folder = Names.fresh("page");
    admin.put("/files/home/" + folder + "/", new byte[0]).is(201);
    browser.driver().get("about:blank");
    browser.driver().get(skep.base().toString());
    browser.script("sessionStorage.clear()");
    browser.signIn(skep.base() + "/", admin.secret());
  }

  @AfterAll
  void close() {
    browser.close();
  }

  @Test
  void aDoubleClickOnDeleteDeletesOneFile() {
    for (String name : new String[] {"a", "b", "c"}) {
      file(name);
    }
    browser.go("home/" + folder);

    new Actions(browser.driver()).doubleClick(browser.find("[aria-label='Delete a']")).perform();

    browser.await(() -> browser.names().getFirst().contains("in the trash"));
    browser.script("document.querySelector('#list').click()");
    assertThat(admin.names(id(folder))).containsExactly("b", "c");
    assertThat(browser.names()).containsExactly("a – in the trash", "b", "c");
  }

  @Test
  void aRemovalCanBeUndoneFromAnotherFolder() {
    file("kept");
    browser.go("home/" + folder);
    browser.find("[aria-label='Delete kept']").click();
    browser.await(() -> browser.find("#undo").isDisplayed());

    browser.go("home");
    browser.find("#undo").click();

    browser.await(() -> browser.find("#message").getText().contains("is back"));
    assertThat(admin.names(id(folder))).containsExactly("kept");
  }

  @Test
  void foldersComeFirstAndNamesAsPeopleSortThem() {
    for (String name : new String[] {"b10.txt", "b9.txt", "Zebra.txt", "apfel.txt", "Äpfel.txt"}) {
      file(name);
    }
    admin.put("/files/home/" + folder + "/zoo/", new byte[0]).is(201);

    browser.go("home/" + folder);

    assertThat(browser.names())
        .containsExactly("zoo", "apfel.txt", "Äpfel.txt", "b9.txt", "b10.txt", "Zebra.txt");
  }

  @Test
  void charactersThatMisleadAreShownAndThoseOfScriptsAreNot() {
    file("invoice\u202Efdp.exe");
    file("wide\u200Bspace");
    file("\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 family");

    browser.go("home/" + folder);

    assertThat(browser.names())
        .containsExactlyInAnyOrder(
            "invoiceU+202Efdp.exe",
            "wideU+200Bspace",
            "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 family");
  }

  @Test
  void oneByteIsNotSeveral() {
    file("x");
    browser.go("home/" + folder);
    assertThat(browser.texts("#list td.size")).containsExactly("1 byte");
  }

  @Test
  void signingOutWithAnAccessTokenLeavesThePage() {
    String token = admin.post("/tokens", "{'name':'" + folder + "'}").is(201).text("token");
    browser.script("sessionStorage.clear()");
    browser.driver().get("about:blank");
    browser.signIn(skep.base() + "/", token);

    browser.find("#sign-out").click();

    browser.await(() -> browser.find("#sign-in").isDisplayed());
    assertThat(browser.find("#message").getText()).contains("access token stays valid");
    assertThat(browser.script("return sessionStorage.getItem('skep.secret')")).isNull();
  }

  @Test
  void aLateAnswerOfOneFolderIsNotShownInAnother() {
    admin.put("/files/home/" + folder + "/slow/only-in-slow", "1").is(201);
    admin.put("/files/home/" + folder + "/fast/only-in-fast", "1").is(201);
    browser.go("home/" + folder);
    browser.script(
        """
        const real = window.fetch;
        window.late = false;
        window.fetch = async (url, options) => {
          const answer = await real(url, options);
          if (decodeURIComponent(url).includes('/slow')) {
            await new Promise(done => setTimeout(done, 1500));
            setTimeout(() => { window.late = true; }, 300);
          }
          return answer;
        };
        """);

    browser.script("location.hash = arguments[0]", "#/home/" + folder + "/slow");
    browser.go("home/" + folder + "/fast");

    browser.await(() -> Boolean.TRUE.equals(browser.script("return window.late")));
    assertThat(browser.names()).containsExactly("only-in-fast");
  }

  @Test
  void leavingDuringAnUploadAsks() throws IOException {
    browser.go("home/" + folder);
    assertThat(asksBeforeLeaving()).isFalse();
    browser.script("XMLHttpRequest.prototype.send = () => {}");
    Path upload = Files.writeString(Skep.newFolder("page").resolve("upload.txt"), "never ends");
    browser.find("#files").sendKeys(upload.toString());
    browser.await(() -> browser.find("#progress").isDisplayed());

    assertThat(asksBeforeLeaving()).isTrue();

    browser.find("#cancel").click();
    browser.script(
        "window.onbeforeunload = null; document.querySelector('#upload').disabled = false");
  }

  private boolean asksBeforeLeaving() {
    return (Boolean)
        browser.script(
            """
            const leaving = new Event('beforeunload', { cancelable: true });
            window.dispatchEvent(leaving);
            return leaving.defaultPrevented;
            """);
  }

  private void file(String name) {
    admin.put("/files/home/" + folder + "/" + encoded(name), "1").is(201);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String id(String name) {
    return admin.get("/nodes/lookup?path=/home/" + name).is(200).text("id");
  }
}
