package dev.skep.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** The figures as programs read them. */
final class Json {

  private Json() {}

  static String of(Machine machine, Report report, boolean quick) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine.facts());
    all.put("quick", quick);
    all.put("figures", report.figures().stream().map(Json::figure).toList());
    all.put("notMeasured", report.failures());
    all.put("notShown", report.notShown());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> figure(Figure figure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("row", figure.row());
    fields.put("budget", figure.budget());
    fields.put("peer", figure.peer());
    fields.put("skep", number(figure.skep()));
    fields.put("other", number(figure.other()));
    fields.put("unit", figure.unit());
    fields.put("ratio", number(figure.ratio()));
    fields.put("limit", figure.limit().text());
    fields.put("verdict", figure.verdict());
    fields.put("details", figure.details());
    return fields;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
