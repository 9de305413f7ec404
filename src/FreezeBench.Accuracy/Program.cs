return FreezeBench.Accuracy.AccuracyProgram.Run(args);
