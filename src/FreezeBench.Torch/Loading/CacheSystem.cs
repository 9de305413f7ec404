namespace FreezeBench.Torch.Loading;

/// <summary>Operating systems that differ in where a user's cache is.</summary>
internal enum CacheSystem
{
    /// <summary>Linux, and any other Unix.</summary>
    Linux,

    Windows,

    MacOS,
}
