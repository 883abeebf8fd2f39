import OperatorCommands

let program = OperatorProgram(CommandLine.arguments)
program.catchSignalsIfLongRunning()
await program.run()
