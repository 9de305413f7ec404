using FreezeBench.Images.Folders;

namespace FreezeBench.MlNet;

/// <param name="Data">The folder with <c>train</c> and <c>val</c>, or with the classes.</param>
/// <param name="Split">Divides a folder of classes; null: it has the parts.</param>
/// <param name="Trainer">A name of <see cref="MlNetOptions.Trainers"/>.</param>
/// <param name="Seed">Of ML.NET.</param>
/// <param name="Rounds">Measured rounds, 1 or more.</param>
/// <param name="Threads">Of ONNX Runtime and of the trainer, 1 or more.</param>
/// <param name="Out">Results folder; null: the repository's.</param>
internal sealed record MlNetSettings(string Data, FolderSplit? Split, string Trainer, int Seed, int Rounds, int Threads, string? Out);
