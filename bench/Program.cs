return FreezeBench.FreezeBenchmarks.Run(args);
