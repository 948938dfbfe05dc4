internal import Fields

/// The direction in which a metric improves.
package enum MetricDirection: String, FieldChoice {
  case greatest = "max"
  case least = "min"

  package var isBetterWhenGreater: Bool { self == .greatest }

  init(isBetterWhenGreater: Bool) { self = isBetterWhenGreater ? .greatest : .least }
}
