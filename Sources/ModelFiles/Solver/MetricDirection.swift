internal import Fields

/// Which values of a metric are better.
package enum MetricDirection: String, FieldChoice {
  case greatest = "max"
  case least = "min"

  package var isBetterWhenGreater: Bool { self == .greatest }

  init(isBetterWhenGreater: Bool) { self = isBetterWhenGreater ? .greatest : .least }
}
