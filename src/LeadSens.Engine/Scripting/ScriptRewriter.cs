using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Jint.Parser;
using Jint.Parser.Ast;
using Node = Jint.Parser.Ast.SyntaxNode;
using ScriptNode = Jint.Parser.Ast.Expression;

namespace LeadSens.Engine;

/// <summary>Rewrites a tree so that what Jint does without looking at a limit goes through a guarded function: <c>+</c> (a doubled string),
/// entering a function (the stack), a literal regular expression (Jint would keep one object for all evaluations). The names of these
/// functions are no identifiers, so no script can call or hide them.</summary>
internal static class ScriptRewriter
{
    public const string Add = "+";
    public const string AddTo = "+=";
    public const string Enter = "()";
    public const string Pattern = "/";
    public const string Lookup = "get";

    private static readonly ConcurrentDictionary<Type, MemberInfo[]> Members = new();

    public static void Rewrite(Program program) => Visit(program, Declared(program), 0);

    /// <summary>Makes the value of the last statement the value of the function.</summary>
    public static void ReturnLast(FunctionExpression function)
    {
        var block = (BlockStatement)function.Body;
        List<Statement> statements = [.. block.Body];
        // The first is the "use strict" that stands before every script.
        block.Body = statements.Count > 1 ? ReturnLast(statements) : statements;
    }

    private static List<Statement> ReturnLast(List<Statement> statements)
    {
        if (statements.Count > 0) statements[^1] = ReturnLast(statements[^1]);
        return statements;
    }

    private static Statement ReturnLast(Statement statement)
    {
        switch (statement)
        {
            case ExpressionStatement last:
                return new ReturnStatement { Type = SyntaxNodes.ReturnStatement, Argument = last.Expression, Location = last.Location, Range = last.Range };
            case BlockStatement block:
                block.Body = ReturnLast([.. block.Body]);
                break;
            case IfStatement choice:
                choice.Consequent = ReturnLast(choice.Consequent);
                if (choice.Alternate is not null) choice.Alternate = ReturnLast(choice.Alternate);
                break;
            case TryStatement attempt:
                attempt.Block = ReturnLast(attempt.Block);
                foreach (var handler in attempt.Handlers) handler.Body = (BlockStatement)ReturnLast(handler.Body);
                break;
        }

        return statement;
    }

    private static object? Visit(object? value, HashSet<string> declared, int depth)
    {
        if (depth > ScriptLimits.Nesting) throw new ScriptLimitException($"it is nested deeper than {ScriptLimits.Nesting} levels.");
        switch (value)
        {
            case Node node:
                foreach (var member in Members.GetOrAdd(node.GetType(), MembersOf)) Set(member, node, Visit(Get(member, node), declared, depth + 1));
                return Replace(node, declared);
            case IEnumerable list and not string:
                return VisitList(list, declared, depth);
            default:
                return value;
        }
    }

    private static object VisitList(IEnumerable list, HashSet<string> declared, int depth)
    {
        var items = list.Cast<object?>().Select(item => Visit(item, declared, depth)).ToList();
        var type = list.GetType().IsArray ? list.GetType().GetElementType()! : list.GetType().GetInterfaces().First(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>)).GetGenericArguments()[0];
        var copy = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        foreach (var item in items) copy.Add(item);
        return copy;
    }

    private static object Replace(Node node, HashSet<string> declared)
    {
        switch (node)
        {
            case BinaryExpression { Operator: BinaryOperator.Plus } sum:
                return Call(node, Add, sum.Left, sum.Right);
            case AssignmentExpression { Operator: AssignmentOperator.PlusAssign, Left: Identifier target } assignment:
                assignment.Operator = AssignmentOperator.Assign;
                assignment.Right = Call(node, Add, target, assignment.Right);
                return assignment;
            case AssignmentExpression { Operator: AssignmentOperator.PlusAssign, Left: MemberExpression member } assignment:
                return Call(node, AddTo, member.Object, member.Computed ? member.Property : Text(((Identifier)member.Property).Name), assignment.Right);
            case FunctionExpression { Body: BlockStatement body }:
                body.Body = [Check(node), .. body.Body];
                return node;
            case FunctionDeclaration { Body: BlockStatement body }:
                body.Body = [Check(node), .. body.Body];
                return node;
            case CallExpression { Callee: Identifier callee } call when Accessor(callee.Name) && !declared.Contains(callee.Name):
                call.Callee = Name(Lookup);
                call.Arguments = [Text(callee.Name), .. call.Arguments];
                return call;
        }

        return node.Type == SyntaxNodes.RegularExpressionLiteral ? Call(node, Pattern, Text(Raw(node))) : node;
    }

    /// <summary>getScore(), setScore(…): generated for each definition in Elsa, looked up here.</summary>
    private static bool Accessor(string name) => name.Length > 3 && name[..3] is "get" or "set" && name.Length > 3 && char.IsUpper(name[3]) && !ScriptHost.Names.Contains(name);

    private static ExpressionStatement Check(Node at) => new() { Type = SyntaxNodes.ExpressionStatement, Expression = Call(at, Enter), Location = at.Location, Range = at.Range };

    private static CallExpression Call(Node at, string function, params ScriptNode[] arguments) =>
        new() { Type = SyntaxNodes.CallExpression, Callee = Name(function), Arguments = [.. arguments], Location = at.Location, Range = at.Range, CanBeCached = false };

    private static Identifier Name(string name) => new() { Type = SyntaxNodes.Identifier, Name = name };

    private static Literal Text(string text) => new() { Type = SyntaxNodes.Literal, Value = text, Raw = text };

    private static string Raw(Node literal) => (string)literal.GetType().GetField("Raw")!.GetValue(literal)!;

    private static HashSet<string> Declared(Program program)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(program, names, 0);
        return names;
    }

    private static void Collect(object? value, HashSet<string> names, int depth)
    {
        if (depth > 4 * ScriptLimits.Nesting) throw new ScriptLimitException($"it is nested deeper than {ScriptLimits.Nesting} levels.");
        if (value is VariableDeclarator { Id: { } variable }) names.Add(variable.Name);
        if (value is IFunctionDeclaration function)
        {
            if (function.Id is { } id) names.Add(id.Name);
            foreach (var parameter in function.Parameters) names.Add(parameter.Name);
        }

        if (value is Node node)
        {
            foreach (var member in Members.GetOrAdd(node.GetType(), MembersOf)) Collect(Get(member, node), names, depth + 1);
        }
        else if (value is IEnumerable list and not string)
        {
            foreach (var item in list) Collect(item, names, depth);
        }
    }

    /// <summary>The fields and properties that hold nodes. Declarations are listed a second time beside the body: the same objects.</summary>
    private static MemberInfo[] MembersOf(Type type) =>
    [
        .. type.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => Holds(field.FieldType)),
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && Holds(property.PropertyType) && property.Name is not ("VariableDeclarations" or "FunctionDeclarations")),
    ];

    private static bool Holds(Type type) =>
        typeof(Node).IsAssignableFrom(type) || typeof(IPropertyKeyExpression).IsAssignableFrom(type)
        || type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && typeof(Node).IsAssignableFrom(type.GetGenericArguments()[0]);

    private static object? Get(MemberInfo member, object node) => member is FieldInfo field ? field.GetValue(node) : ((PropertyInfo)member).GetValue(node);

    private static void Set(MemberInfo member, object node, object? value)
    {
        if (ReferenceEquals(Get(member, node), value)) return;
        if (member is FieldInfo field) field.SetValue(node, value);
        else ((PropertyInfo)member).SetValue(node, value);
    }
}
