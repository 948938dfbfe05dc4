package import Runs

extension RunOptions {
  package static var oneThread: RunOptions {
    var options = RunOptions()
    options.threads = 1
    return options
  }
}
