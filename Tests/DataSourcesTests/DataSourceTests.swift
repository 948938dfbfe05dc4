import DataFiles
import DataSources
import Testing

@Suite struct DataSourceTests {
  @Test(arguments: [
    ("", "none/a.csv", "none/a.csv"), (".", "none/a.csv", "none/a.csv"),
    ("models", "none/a.csv", "models/none/a.csv"), ("models/", "none.csv", "models/none.csv"),
    ("models", "../none.csv", "models/../none.csv"), ("models", "/none/a.csv", "/none/a.csv"),
  ])
  func pathsAreRelativeToTheModelFile(directory: String, file: String, path: String) {
    var source = CSV()
    source.file = file
    source.target = ColumnNames(["y"])
    #expect(
      failure { () throws(DataFailure) in try source.load(context(directory: directory)) }
        == .io(
          "\(path): expected a readable file: No such file or directory", field: "file",
          of: .train))
  }

  @Test func failuresSayTheirMessage() {
    #expect(DataFailure.content("a").message == "a")
    #expect(DataFailure.io("b").message == "b")
  }
}
