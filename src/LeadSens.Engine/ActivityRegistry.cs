using System.Reflection;
using System.Text.Json;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine;

/// <summary>The activity types that definitions may use: the built-ins and what the host registers.</summary>
public sealed class ActivityRegistry
{
    private readonly Dictionary<string, ActivityDescriptor> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActivityDescriptor> _workflows = new(StringComparer.Ordinal);

    /// <summary>A registry that knows the built-ins.</summary>
    public ActivityRegistry() => RegisterAll(typeof(ActivityRegistry).Assembly);

    public IReadOnlyCollection<ActivityDescriptor> Descriptors => _types.Values;

    private ActivityRegistry(ActivityRegistry known) => _types = new(known._types, StringComparer.Ordinal);

    /// <summary>A registry that also knows workflows which may be used as activities. Of several versions the newest is in the palette; a box
    /// that names an older one by its version id keeps it.</summary>
    /// <param name="definitions">Definitions; those whose options do not say usableAsActivity, or whose name is taken by an activity, are left out.</param>
    public ActivityRegistry WithWorkflows(IEnumerable<JsonElement> definitions)
    {
        var registry = new ActivityRegistry(this);
        foreach (var descriptor in definitions.Select(WorkflowDescriptor.Of).OfType<ActivityDescriptor>().OrderBy(descriptor => descriptor.Version))
        {
            if (_types.ContainsKey(descriptor.TypeName)) continue;
            registry._types[descriptor.TypeName] = registry._workflows[descriptor.Workflow!.VersionId] = descriptor;
        }

        return registry;
    }

    /// <summary>Registers one type.</summary>
    /// <exception cref="ArgumentException">The type name is taken, or the class has no <see cref="ActivityAttribute"/>.</exception>
    public ActivityRegistry Register<T>() where T : Activity, new() => Register(typeof(T));

    /// <summary>Registers every activity of an assembly.</summary>
    public ActivityRegistry RegisterAll(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Activity)) && type.IsDefined(typeof(ActivityAttribute)))) Register(type);
        return this;
    }

    /// <summary>The descriptor of a type name; null when nobody registered it. Names of Elsa 2 and long names of Elsa 3 are understood.</summary>
    public ActivityDescriptor? Find(string typeName)
    {
        if (_types.TryGetValue(typeName, out var descriptor)) return descriptor;
        var simple = typeName.Split(',')[0].Split('.')[^1];
        var old = !typeName.Contains('.', StringComparison.Ordinal) || typeName.StartsWith("Elsa.", StringComparison.Ordinal);
        return old ? _types.GetValueOrDefault($"Elsa.{simple}") : null;
    }

    /// <summary>The same; of a workflow the version that the box names, when it is known.</summary>
    internal ActivityDescriptor? Find(string typeName, string? workflowVersionId)
    {
        var found = Find(typeName);
        return found?.Workflow is not null && workflowVersionId is not null && _workflows.TryGetValue(workflowVersionId, out var version) && version.TypeName == found.TypeName ? version : found;
    }

    private ActivityRegistry Register(Type type)
    {
        var descriptor = Describe(type);
        _types.Add(descriptor.TypeName, descriptor);
        return this;
    }

    private static ActivityDescriptor Describe(Type type)
    {
        var about = type.GetCustomAttribute<ActivityAttribute>() ?? throw new ArgumentException($"{type.Name} has no [Activity].");
        var name = about.Name ?? type.Name;
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        var create = System.Linq.Expressions.Expression.Lambda<Func<Activity>>(System.Linq.Expressions.Expression.New(type)).Compile();
        var sample = create();
        return new ActivityDescriptor(
            $"{about.Namespace}.{name}", about.Namespace, name, about.Version, about.Category ?? about.Namespace, about.DisplayName ?? Words(name), about.Description, about.Kind,
            about.Outcomes, [.. properties.Where(property => property.PropertyType == typeof(Activity)).Select(property => property.Name)],
            [.. properties.Select(property => DescribeInput(property, sample)).OfType<InputDescriptor>().OrderBy(input => input.Order)],
            [.. properties.Select(DescribeOutput).OfType<OutputDescriptor>().OrderBy(output => output.Order)],
            about.IsContainer, about.IsTerminal, about.IsStart, about.IsBrowsable)
        {
            Create = create,
            InputProperties = [.. properties.Where(property => property.PropertyType.IsSubclassOf(typeof(Input)))],
            OutputProperties = [.. properties.Where(property => property.PropertyType.IsSubclassOf(typeof(Output)))],
        };
    }

    private static InputDescriptor? DescribeInput(PropertyInfo property, Activity sample)
    {
        var about = property.GetCustomAttribute<InputAttribute>();
        var wrapped = property.PropertyType.IsSubclassOf(typeof(Input));
        if (about is null && !wrapped) return null;
        var input = wrapped ? property.GetValue(sample) as Input ?? throw new ArgumentException($"{sample.GetType().Name}.{property.Name} is not initialised.") : null;
        var type = input?.ValueType ?? property.PropertyType;
        var options = about?.Options is { Length: > 0 } given ? given : type.IsEnum ? Enum.GetNames(type) : [];
        return new InputDescriptor(
            property.Name, TypeNames.Of(type), about?.DisplayName ?? Words(property.Name), about?.Description, about?.Category, about?.Order ?? 0,
            about?.UiHint ?? (options.Length > 0 ? "dropdown" : TypeNames.UiHint(type)), about?.DefaultSyntax ?? "Literal", input?.DefaultValue ?? (type.IsEnum && !wrapped ? property.GetValue(sample) : null), options, wrapped);
    }

    private static OutputDescriptor? DescribeOutput(PropertyInfo property)
    {
        if (!property.PropertyType.IsSubclassOf(typeof(Output))) return null;
        var about = property.GetCustomAttribute<OutputAttribute>();
        var type = property.PropertyType.GetGenericArguments()[0];
        return new OutputDescriptor(property.Name, TypeNames.Of(type), about?.DisplayName ?? Words(property.Name), about?.Description, about?.Order ?? 0);
    }

    /// <summary>"ScoreLeads" as "Score Leads".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) && !char.IsUpper(name[i - 1]) ? $" {letter}" : letter.ToString()));
}
