namespace FreezeBench.Kernels.Observing;

/// <summary>Around one operation of libtorch's and nothing else: tells an observer when it is made and when it is disposed.</summary>
internal readonly ref struct Work
{
    private readonly IWorkObserver? observer;

    private Work(IWorkObserver? observer)
    {
        this.observer = observer;
        observer?.WorkBegins();
    }

    /// <summary>The operation begins.</summary>
    /// <param name="observer">Who is told; null: nobody.</param>
    internal static Work Begun(IWorkObserver? observer) => new(observer);

    /// <param name="observer">Who is told; null: nobody.</param>
    /// <param name="operation">One call into libtorch.</param>
    /// <returns>What it gave.</returns>
    internal static T Seen<T>(IWorkObserver? observer, Func<T> operation)
    {
        using (Begun(observer))
            return operation();
    }

    /// <summary>The operation is over.</summary>
    public void Dispose() => observer?.WorkEnds();
}
