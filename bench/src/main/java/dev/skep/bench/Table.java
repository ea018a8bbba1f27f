package dev.skep.bench;

import java.util.ArrayList;
import java.util.List;

/** The figures as people read them. */
final class Table {

  private static final List<String> HEAD =
      List.of("budget", "peer", "Skep", "peer", "unit", "ratio", "limit", "");

  private Table() {}

  static String of(Machine machine, Report report, boolean quick) {
    StringBuilder text = new StringBuilder(machine.text()).append("\n\n");
    appendLines(text, report.figures());
    report
        .failures()
        .forEach(
            failure ->
                text.append("\nnot measured: ")
                    .append(failure.row())
                    .append(": ")
                    .append(failure.reason()));
    report.notShown().forEach(sentence -> text.append("\nnot shown here: ").append(sentence));
    long limited =
        report.figures().stream().filter(f -> !(f.limit() instanceof Limit.None)).count();
    long missed = report.figures().stream().filter(figure -> !figure.isMet()).count();
    text.append("\n\n")
        .append(limited - missed)
        .append(" met, ")
        .append(missed)
        .append(" missed, ");
    text.append(report.failures().size()).append(" not measured");
    text.append(quick ? " (--quick: short rounds, noisy figures)" : "");
    text.append(machine.isBusy() ? "; the machine was busy, do not keep these figures\n" : "\n");
    return text.toString();
  }

  private static void appendLines(StringBuilder text, List<Figure> figures) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEAD);
    figures.stream().map(Table::cells).forEach(lines::add);
    int[] widths = new int[HEAD.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        boolean isNumber = i == 2 || i == 3 || i == 5;
        String pad = " ".repeat(widths[i] - line.get(i).length());
        text.append(isNumber ? pad + line.get(i) : line.get(i) + pad).append("  ");
      }
      text.setLength(text.toString().stripTrailing().length());
      text.append('\n');
    }
  }

  private static List<String> cells(Figure figure) {
    return List.of(
        figure.budget(),
        figure.peer(),
        Numbers.text(figure.skep()),
        Numbers.text(figure.other()),
        figure.unit(),
        Double.isNaN(figure.ratio())
            ? "–"
            : String.format(java.util.Locale.ROOT, "%.2f", figure.ratio()),
        figure.limit().text(),
        figure.verdict());
  }
}
