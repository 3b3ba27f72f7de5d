using System.Reflection;

namespace LeadSens.Engine;

/// <summary>The activity types that definitions may use: the built-ins and what the host registers.</summary>
public sealed class ActivityRegistry
{
    private readonly Dictionary<string, ActivityDescriptor> _types = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ActivityDescriptor> Descriptors => _types.Values;

    /// <summary>Registers one type.</summary>
    public ActivityRegistry Register<T>() where T : Activity, new() => Register(typeof(T));

    /// <summary>Registers every activity of an assembly.</summary>
    public ActivityRegistry RegisterAll(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Activity)))) Register(type);
        return this;
    }

    /// <summary>The descriptor of a type name; null when nobody registered it.</summary>
    public ActivityDescriptor? Find(string typeName) => _types.GetValueOrDefault(typeName);

    private ActivityRegistry Register(Type type)
    {
        var descriptor = Describe(type);
        _types.Add(descriptor.TypeName, descriptor);
        return this;
    }

    private static ActivityDescriptor Describe(Type type) => throw new NotSupportedException(type.Name);
}
