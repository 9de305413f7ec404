namespace FreezeBench.Torch.Loading;

/// <summary>Which libtorch this process has loaded.</summary>
/// <param name="Folder">The folder of its libraries, absolute.</param>
/// <param name="Backend">"cpu" or "cuda": what it can compute on.</param>
/// <param name="ChosenVersion">Version of one that the user named; null: it is the packages' own, whose version TorchSharp knows.</param>
internal sealed record LoadedLibtorch(string Folder, string Backend, string? ChosenVersion);
