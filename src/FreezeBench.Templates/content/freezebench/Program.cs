using FreezeBench;
using FreezeBench.Networks.Catalog;

// The name is for options and rows. The head is the part that makes the logits, by its name in the module.
return FreezeBenchmarks.Run(args, Network.Of("small-cnn", classes => new SmallCnn(classes), head: "classifier"));
