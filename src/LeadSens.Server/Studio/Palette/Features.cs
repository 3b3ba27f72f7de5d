using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio;

/// <summary>Something the Server can do and Studio asks for; see <c>AddStudioFeature</c>.</summary>
internal sealed record StudioFeature(string FullName, string DisplayName, string Description)
{
    public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];

    public string Namespace => FullName[..Math.Max(0, FullName.LastIndexOf('.'))];
}

internal static class Features
{
    /// <summary>The Elsa whose contract the Server follows.</summary>
    public const string ElsaVersion = "3.8.2.0";

    public sealed record Package(string PackageVersion);

    public static Ok<StudioList<StudioFeature>> List(IEnumerable<StudioFeature> features) => TypedResults.Ok(StudioList.Of([.. features]));

    public static Results<Ok<StudioFeature>, JsonHttpResult<StudioError>> Get(string fullName, IEnumerable<StudioFeature> features) =>
        features.FirstOrDefault(feature => feature.FullName == fullName) is { } found ? TypedResults.Ok(found) : StudioErrors.NotFound($"The feature '{fullName}' is not installed.");

    public static Ok<Package> Version() => TypedResults.Ok(new Package(ElsaVersion));
}
