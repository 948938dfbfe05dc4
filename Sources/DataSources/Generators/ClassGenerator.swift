internal import DataFiles

/// A generator of K classes with equally many examples, ordered by class.
protocol ClassGenerator: Generator {
  var generated: GeneratedClasses { get }
}

extension ClassGenerator {
  var exampleCount: Int { generated.classCount * generated.pointsPerClass }

  var classCount: Int { generated.classCount }

  func tops(_ context: DataContext) throws(DataFailure) -> [DataTop] {
    generated.tops(try names(context, standard: generated.names))
  }
}
