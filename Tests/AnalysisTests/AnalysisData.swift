import CellgenTestSupport
import Foundation

/// The folder `Data` of these tests.
let analysisData: URL = dataFolder()
