using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Ai;

/// <summary>Which model does what, and what it costs. Section <c>Ai</c>.</summary>
internal sealed class AiOptions
{
    public const string Section = "Ai";

    /// <summary>By purpose. Which model does it where nothing is set the provider says.</summary>
    public Dictionary<string, PurposeOptions> Purposes { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["score"] = new() { Temperature = 0 },
        ["summary"] = new() { Temperature = 0 },
        ["draft"] = new() { Temperature = 0.4f },
        ["chat"] = new() { Temperature = 0.3f },
    };

    /// <summary>By model, as the provider publishes them; a section of the same name replaces or adds one.</summary>
    public Dictionary<string, ModelPrice> Prices { get; } = new(StringComparer.OrdinalIgnoreCase);

    public PurposeOptions For(string purpose) => Purposes.TryGetValue(purpose, out var options) ? options : Purposes["chat"];

    /// <summary>Lists everything that is wrong with this section; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, purpose) in Purposes)
            foreach (var fault in Faults(purpose)) yield return $"{Section}__Purposes__{name}: {fault}";
        foreach (var (model, price) in Prices)
            foreach (var fault in Faults(price)) yield return $"{Section}__Prices__{model}: {fault}";
    }

    private static IEnumerable<string?> Faults(object options)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return faults.Select(fault => fault.ErrorMessage);
    }
}

/// <summary>How one purpose asks.</summary>
internal sealed class PurposeOptions
{
    [Required, StringLength(200, MinimumLength = 1)]
    public string Model { get; set; } = "";

    [Range(0, 1.5)]
    public float Temperature { get; set; } = 0.3f;
}

/// <summary>USD for a million tokens.</summary>
internal sealed class ModelPrice
{
    [Range(0, 10_000)]
    public decimal InputPerMillion { get; set; }

    [Range(0, 10_000)]
    public decimal OutputPerMillion { get; set; }
}
